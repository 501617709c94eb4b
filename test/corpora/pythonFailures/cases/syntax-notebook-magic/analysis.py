#!/usr/bin/env python
# coding: utf-8

# In[1]:


import math


# In[2]:


%matplotlib inline


# In[3]:


print(math.pi)
